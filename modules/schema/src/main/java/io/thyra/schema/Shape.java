package io.thyra.schema;

/// What a value may look like: a scalar, a struct with declared fields, a list, a map, or anything at all.
public sealed interface Shape permits Scalar, Struct, ListOf, MapOf, Anything {}
