"""Reads the YAML documents of a JSON list as PyYAML (YAML 1.1) does, and writes what they say as a JSON list."""

import json
import sys

import yaml

json.dump([yaml.safe_load(document) for document in json.load(sys.stdin)], sys.stdout, default=repr)
