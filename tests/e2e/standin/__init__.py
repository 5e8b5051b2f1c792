"""A stand-in for GitHub: the endpoints that the product uses, over real HTTP on loopback, strict where GitHub is strict."""

from tests.e2e.standin.organization import Organization
from tests.e2e.standin.people import Somebody
from tests.e2e.standin.server import StandIn
from tests.e2e.standin.world import Fault, Token, World

__all__ = ["Fault", "Organization", "Somebody", "StandIn", "Token", "World"]
