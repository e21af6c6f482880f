package io.thyra.schema;

/// A map from strings; atomic when server-side apply owns it as a whole.
public record MapOf(Shape value, boolean atomic) implements Shape {}
