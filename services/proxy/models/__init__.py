from services.proxy.models.desk import CaseTally, DayClose, Phrase, Slot, Trip, TripCase
from services.proxy.models.items import ExamplePicture, ItemStep, ItemVersion, Material, ServiceItem
from services.proxy.models.papers import Handing, Paper, PaperImage, Slip
from services.proxy.models.requests import (
    CaseEvent,
    DoorFacts,
    Mandate,
    RequestFacts,
    ServiceRequest,
)
