package io.thyra.cel;

/// What `type()` tells, and what the names of types stand for.
record TypeValue(String name) {}
