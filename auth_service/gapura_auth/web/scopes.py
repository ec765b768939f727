"""The scope that the auth service asks of the tokens that come to it."""

#: Managing one's own account: only first-party logins get it, so that no other client can change a password.
ACCOUNT = "account"
