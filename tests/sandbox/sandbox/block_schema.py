"""Checks of JSON values that name each problem by its json-pointer, in Slack's words."""


class Problems(list):
    def add(self, message, pointer):
        self.append(f"{message} [json-pointer:{pointer}]")


def length(text):
    """UTF-16 units: Slack does not say what it counts; this is the strictest reading."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def string(most, least=1, pattern=None):
    def check(value, at, problems):
        if not isinstance(value, str):
            problems.add("must provide a string", at)
        elif length(value) > most:
            problems.add(f"must be less than {most + 1} characters", at)
        elif length(value) < least:
            problems.add(f"must be more than {least - 1} characters", at)
        elif pattern and not pattern.search(value):
            problems.add(f"failed to match pattern: {pattern.pattern}", at)
    return check


def boolean(value, at, problems):
    if not isinstance(value, bool):
        problems.add("must provide a boolean", at)


def integer(least, most):
    def check(value, at, problems):
        if isinstance(value, bool) or not isinstance(value, int):
            problems.add("must provide an integer", at)
        elif not least <= value <= most:
            problems.add(f"must be between {least} and {most}", at)
    return check


def one_of(*allowed):
    def check(value, at, problems):
        if value not in allowed:
            problems.add(f"must be a valid enum value: {', '.join(map(str, allowed))}", at)
    return check


def array(item, most, least=1):
    def check(value, at, problems):
        if not isinstance(value, list):
            problems.add("must provide an array", at)
            return
        if len(value) > most:
            problems.add(f"no more than {most} items allowed", at)
        if len(value) < least:
            problems.add(f"no fewer than {least} items allowed", at)
        for index, entry in enumerate(value):
            item(entry, f"{at}/{index}", problems)
    return check


def record(required=None, optional=None, also=None):
    """An object with exactly these fields. `also(value, at, problems)` checks what spans fields."""
    required, optional = required or {}, optional or {}
    known = required | optional

    def check(value, at, problems):
        if not isinstance(value, dict):
            problems.add("must provide an object", at)
            return
        for name in required:
            if name not in value:
                problems.add(f"missing required field: {name}", at)
        for name, entry in value.items():
            if name not in known:
                problems.add(f"invalid additional property: {name}", at)
            else:
                known[name](entry, f"{at}/{name}", problems)
        if also:
            also(value, at, problems)
    return check


def by_type(table):
    """Picks the check by the object's `type`. `table` is read at the time of the check."""
    def check(value, at, problems):
        if not isinstance(value, dict):
            problems.add("must provide an object", at)
        elif not isinstance(value.get("type"), str):
            problems.add("missing required field: type", at)
        elif value["type"] not in table:
            problems.add(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            table[value["type"]](value, at, problems)
    return check


def anything(_value, _at, _problems):
    """For fields whose inside Slack does not limit."""
