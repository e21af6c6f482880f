package io.thyra.codec;

import io.thyra.model.ObjectValue;
import java.util.List;

/// A canonical object, and what strict decoding would refuse: `unknown field "spec.foo"`, `duplicate field "spec.foo"`,
/// in the order in which upstream's decoder meets them, a hundred at most. The caller decides between ignoring them,
/// warning and failing.
public record Decoded(ObjectValue object, List<String> strictErrors) {
  public Decoded {
    strictErrors = List.copyOf(strictErrors);
  }
}
