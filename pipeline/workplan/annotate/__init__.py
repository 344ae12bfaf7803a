"""The annotation loop: sentences go to Doccano, people's corrections come back as gold."""
