"""Tokens: words from our own pkuseg model, as spaCy's Chinese tokenizer gives them."""
