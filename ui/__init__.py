"""quasikarp's interfaces: command line and rendering; nothing here decides anything."""

OWNER = "quasikarp"
