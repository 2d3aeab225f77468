"""Problems in words: a language model writes the algebra, we read it, and people look at it before it is used."""
