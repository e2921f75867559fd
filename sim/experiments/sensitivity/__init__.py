"""What decides an outcome over all that is not known, and in which region sharing wins."""
