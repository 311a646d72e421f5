"""The province as SVG, drawn by the server from the outlines: links, prints, needs no script."""

import json
from functools import lru_cache
from math import cos, radians

from django.utils.safestring import mark_safe

from qingchun.ground.province import FOLDER

WIDTH, MARGIN = 460, 8
LEVELS = 5  # shades above "nothing yet"


@lru_cache
def _features(name):
    path = FOLDER / name
    return json.loads(path.read_text(encoding="utf-8"))["features"] if path.exists() else []


def _rings(geometry):
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon


@lru_cache(maxsize=32)
def outlines(city=None):
    """(view box, shapes) of the province by city, or of one city by county.

    A shape has code, name, path and where its label stands. Equirectangular, which at the
    size of a province is as good as any; y grows downward.
    """
    if city:
        features = [f for f in _features("counties.geojson") if f["properties"]["city"] == city]
    else:
        features = _features("cities.geojson")
    points = [point for f in features for ring in _rings(f["geometry"]) for point in ring]
    if not points:
        return "0 0 1 1", ()
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)

    def place(point):
        x = MARGIN + (point[0] - west) * squeeze * scale
        return round(x, 1), round(MARGIN + (north - point[1]) * scale, 1)

    shapes = []
    for feature in features:
        rings = [[place(point) for point in ring] for ring in _rings(feature["geometry"])]
        path = "".join("M" + "L".join(f"{x} {y}" for x, y in ring) + "Z" for ring in rings)
        x, y = place(feature["properties"]["label"])
        facts = {key: feature["properties"][key] for key in ("code", "name")}
        shapes.append({**facts, "path": mark_safe(path), "x": str(x), "y": str(y)})  # noqa: S308  numbers
    height = round(2 * MARGIN + (north - south) * scale)
    return f"0 0 {WIDTH} {height}", tuple(shapes)


def shaded(rows, city=None):
    """The map with each unit's count and one of six shades; 0 is no activity yet."""
    box, shapes = outlines(city)
    counts = {row["unit"].code: row["activities"] for row in rows}
    most = max(counts.values(), default=0) or 1
    drawn = []
    for shape in shapes:
        count = counts.get(shape["code"], 0)
        level = -(-LEVELS * count // most)
        label = shape["name"] if city else shape["name"].removesuffix("市")
        drawn.append({**shape, "label": label, "count": count, "level": level})
    return {"box": box, "shapes": drawn, "is_small": bool(city)}
