package io.thyra.groups;

import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.util.List;

/// Signs service account tokens.
@FunctionalInterface
public interface TokenIssuer {
  /// Whom tokens are for that do not say.
  default List<String> audiences() {
    return List.of();
  }

  /// The TokenRequest as it is answered, its status filled in.
  ///
  /// @param account the service account, stored
  /// @param request the TokenRequest, defaulted and valid
  ObjectValue issue(RequestContext context, ObjectValue account, ObjectValue request);
}
