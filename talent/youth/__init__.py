"""Those who check in: their home's page, consents, groups, questions, and what cadres do for them."""
