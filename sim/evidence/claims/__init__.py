"""The claims of the article: what each says in numbers, judged by runs."""
