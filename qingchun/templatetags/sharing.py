"""What a page is called, and what a chat shows of a link to it; loaded as builtins."""

from django import template
from django.utils.safestring import SafeString

from qingchun.ground.drawing import shown
from qingchun.ground.links import link_to
from qingchun.ground.province import HOME

register = template.Library()
PICTURE = "/share.jpg"
SIDE = 600  # of the pictures, as ground/bills.py draws them


class Sharing(template.Node):
    """Three texts, each a block of the frame: written as they are, they are escaped already."""

    child_nodelists = ("title", "about", "picture")

    def __init__(self, title, about, picture):
        self.title, self.about, self.picture = title, about, picture

    def render(self, context):
        whole, about, picture = (
            " ".join(part.render(context).split())
            for part in (self.title, self.about, self.picture)
        )
        if not about:
            return SafeString(f'{whole}\n<meta name="robots" content="noindex">')
        title = whole.removeprefix("<title>").removesuffix(f" · {HOME.action}</title>")
        address = shown(link_to(context["request"].path))
        pairs = {
            "og:type": "website",
            "og:site_name": HOME.action,
            "og:locale": "zh_CN",
            "og:title": title,
            "og:description": about,
            "og:url": address,
            "og:image": link_to(picture or PICTURE),
        }
        told = "".join(
            f'\n<meta property="{name}" content="{said}">' for name, said in pairs.items()
        )
        return SafeString(
            f'{whole}\n<meta name="description" content="{about}">'
            f'\n<link rel="canonical" href="{address}">{told}'
        )


@register.tag
def sharing(parser, token):
    """``{% sharing %}<title>…{% about %}what it is about{% picture %}its address{% endsharing %}``

    A page whose block ``about`` is empty is nobody's to send on, and no search engine's.
    """
    title = parser.parse(("about",))
    parser.delete_first_token()
    about = parser.parse(("picture",))
    parser.delete_first_token()
    picture = parser.parse(("endsharing",))
    parser.delete_first_token()
    return Sharing(title, about, picture)
