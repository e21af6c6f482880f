package io.thyra.codec;

import io.thyra.model.Value;
import org.jspecify.annotations.Nullable;

/// The first document of a YAML body as the JSON that upstream makes of it: keys sorted, later ones of equal name winning.
///
/// @param strictError the text about keys that were given twice, null when there are none; upstream puts it before what
///     strict decoding finds in the JSON
public record YamlDocument(Value root, @Nullable String strictError) {}
