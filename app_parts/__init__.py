"""What the pages of the web app are made of: text, numbers, stored results, charts."""
