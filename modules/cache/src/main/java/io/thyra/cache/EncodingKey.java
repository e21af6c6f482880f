package io.thyra.cache;

/// Names one form of an object or event, such as its JSON in version v1beta1 or its row of a Table. Make it once, as a
/// constant or in a table: it is looked up by equality, fastest when identical.
///
/// @param format for example `json`, `protobuf`, `table`
/// @param version the API version that is encoded
public record EncodingKey(String format, String version) {}
