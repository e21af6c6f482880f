package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.Value;
import java.util.Optional;

/// Reads the bodies of requests and answers as the objects that they are. Called on the thread that writes events; never
/// throws for what clients may send.
public interface AuditObjects {
  /// The object that was sent: in its own version, with defaults, without what its type does not know. For a patch the
  /// patch itself. Empty where the body is none of these.
  Optional<Value> request(RequestInfo info, String contentType, byte[] body);

  /// The object that was answered.
  Optional<Value> response(RequestInfo info, String contentType, byte[] body);
}
