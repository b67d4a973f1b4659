"""What readers of each format insist on, restated: used by the tests of soak report."""

import gzip
import json
import re
import xml.etree.ElementTree as xml

# Jenkins' JUnit schema (version 10 of its xUnit plugin): element -> (attributes, those required, children).
JENKINS = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package",
                   "file", "log", "url"}, {"name", "tests", "failures", "errors"},
                  {"testsuite", "properties", "testcase", "system-out", "system-err"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}, {"skipped", "error", "failure", "rerunFailure", "rerunError",
                                                                  "flakyFailure", "flakyError", "system-out", "system-err"}),
    "failure": ({"type", "message"}, set(), set()), "error": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()), "system-out": (set(), set(), set()), "system-err": (set(), set(), set()),
}
JENKINS_TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")


def check_junit(text):
    root = xml.fromstring(text)
    assert root.tag == "testsuites", root.tag
    for element in root.iter():
        attributes, required, children = JENKINS[element.tag]
        assert set(element.attrib) <= attributes, (element.tag, element.attrib)
        assert required <= set(element.attrib), (element.tag, element.attrib)
        assert {child.tag for child in element} <= children, (element.tag, list(element))
        if element.tag in ("testsuites", "testsuite") and "time" in element.attrib:
            assert JENKINS_TIME.fullmatch(element.attrib["time"]), element.attrib["time"]
    cases, failures, errors = (len(list(root.iter(tag))) for tag in ("testcase", "failure", "error"))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == (str(cases), str(failures), str(errors))
    for suite in root:
        inside = tuple(str(len(list(suite.iter(tag)))) for tag in ("testcase", "failure", "error"))
        assert inside == (suite.get("tests"), suite.get("failures"), suite.get("errors")), suite.attrib
    return root


def check_sarif(text):
    """SARIF 2.1.0's required members, and what GitHub's code scanning refuses or drops."""
    log = json.loads(text)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    assert 1 <= len(log["runs"]) <= 20
    for run in log["runs"]:
        driver = run["tool"]["driver"]
        assert driver["name"] == "soak" and re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
        rules = [rule["id"] for rule in driver["rules"]]
        assert len(rules) == len(set(rules)) <= 25_000
        for rule in driver["rules"]:
            assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
            assert len(rule["properties"]["tags"]) <= 20
        assert len(run["results"]) <= 25_000
        for result in run["results"]:
            assert result["ruleId"] == rules[result["ruleIndex"]]
            assert result["message"]["text"] and result["level"] in ("none", "note", "warning", "error")
            assert 1 <= len(result["locations"]) <= 1000, "a result without a location is dropped"
            for location in result["locations"]:
                _check_location(location["physicalLocation"])
            assert re.fullmatch(r"[0-9a-f]{16}:1", result["partialFingerprints"]["primaryLocationLineHash"])
            for flow in result.get("codeFlows", []):
                for thread in flow["threadFlows"]:
                    assert 1 <= len(thread["locations"]) <= 10_000
                    for step in thread["locations"]:
                        _check_location(step["location"]["physicalLocation"])
    return log


def _check_location(location):
    uri = location["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9\-._~/%:]*", uri) and not re.search(r"%(?![0-9A-F]{2})", uri), uri
    assert uri.startswith("file:///") or "uriBaseId" in location["artifactLocation"], uri
    assert location["region"]["startLine"] >= 1


OPENMETRICS_SAMPLE = re.compile(
    r'(?P<name>[a-z_][a-z0-9_]*)(\{(?P<labels>([a-z_]+="(\\[\\"n]|[^"\\\n])*",?)*)\})? (?P<value>-?[0-9.]+(e[+-]?[0-9]+)?)')


def check_openmetrics(text):
    """{name: [(labels, value)]}; every metric declared, in one piece, every sample once."""
    lines = text.split("\n")
    assert lines[-2:] == ["# EOF", ""], "it ends with # EOF and a line end"
    declared, samples, seen = {}, {}, set()
    for line in lines[:-2]:
        if line.startswith("# "):
            keyword, name, rest = line[2:].split(" ", 2)
            assert keyword in ("HELP", "TYPE") and rest
            if keyword == "TYPE":
                assert name not in declared, f"{name} is declared twice"
                declared[name] = rest
            continue
        match = OPENMETRICS_SAMPLE.fullmatch(line)
        assert match, line
        assert list(declared)[-1] == match["name"], f"{match['name']} is not in one piece"
        assert (match["name"], match["labels"]) not in seen, f"twice: {line}"
        seen.add((match["name"], match["labels"]))
        samples.setdefault(match["name"], []).append((match["labels"] or "", float(match["value"])))
    return samples


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def _fields(data):
    fields, at = {}, 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == 0:
            value, at = _varint(data, at)
        else:
            assert key & 7 == 2, f"wire type {key & 7}"
            length, at = _varint(data, at)
            value, at = data[at:at + length], at + length
            assert len(value) == length, "cut off"
        fields.setdefault(key >> 3, []).append(value)
    return fields


def _packed(data):
    values, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        values.append(_signed(value))
    return values


def read_pprof(compressed):
    """Parsed as profile.proto has it; every reference must lead somewhere, as pprof checks. Samples as dicts."""
    profile = _fields(gzip.decompress(compressed))
    strings = [entry.decode("utf-8") for entry in profile[6]]
    assert strings[0] == "", "the first string is empty"
    one = lambda fields, number: fields.get(number, [0])[0]
    types = [(strings[one(_fields(t), 1)], strings[one(_fields(t), 2)]) for t in profile[1]]
    functions = {one(_fields(f), 1): (strings[one(_fields(f), 2)], strings[one(_fields(f), 4)]) for f in profile.get(5, [])}
    mappings = {one(_fields(m), 1): strings[one(_fields(m), 5)] for m in profile.get(3, [])}
    assert all(functions) and all(mappings), "no number is 0"
    locations = {}
    for entry in map(_fields, profile.get(4, [])):
        assert one(entry, 1) not in locations and one(entry, 1) != 0
        assert one(entry, 2) in mappings or one(entry, 2) == 0
        locations[one(entry, 1)] = [(*functions[one(_fields(line), 1)], one(_fields(line), 2)) for line in entry[4]]
    samples = []
    for entry in map(_fields, profile.get(2, [])):
        values = [value for packed in entry[2] for value in _packed(packed)]
        assert len(values) == len(types)
        stack = [line for packed in entry[1] for number in _packed(packed) for line in locations[number]]
        labels = {strings[one(_fields(label), 1)]: strings[one(_fields(label), 2)] for label in entry.get(3, [])}
        samples.append({"stack": stack, "labels": labels} | dict(zip((name for name, _ in types), values)))
    assert strings[one(profile, 14)] in [name for name, _ in types]
    return samples
