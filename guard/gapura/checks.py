from enum import Enum


class Check(Enum):
    """The checks of a token, in the order in which they are made, each with what to do when it fails."""

    FORM = "It is one compact JWS of reasonable size", "Send the access token exactly as it was received."
    CLAIMS = "Its payload is a clean JSON object", "The issuer makes broken tokens: look at its claims."
    ISSUER = "Its issuer is trusted here", "Compare its iss with GAPURA_ISSUER, character by character."
    TYPE = "It is an access token", "Send the access token, not the ID or refresh token."
    KEY = "The issuer publishes the key it names", "Compare its kid with the issuer's JWK Set."
    SIGNATURE = "Its signature is that key's", "The token was changed, or signed by someone else: get a new one."
    TYPES = "It has sub, iat and exp, of the right types", "The issuer leaves out claims that RFC 9068 requires."
    AUDIENCE = "It is for this service", "Compare its aud with GAPURA_AUDIENCE, and ask the issuer for this audience."
    TIME = "It is valid now", "Get a new token; if it is new, compare the clocks of both machines."

    def __init__(self, sentence: str, advice: str) -> None:
        self.sentence = sentence
        self.advice = advice
