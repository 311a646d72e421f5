from reports.library.models.kept import Evidence, Exemplar, Policy, Practice, PracticeUse
from reports.library.models.publicity import KitFetch, KitItem, Spot, Voice
