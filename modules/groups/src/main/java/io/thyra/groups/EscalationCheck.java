package io.thyra.groups;

import io.thyra.model.ListValue;
import io.thyra.model.UserInfo;
import java.util.Optional;

/// Keeps users from granting what they do not have themselves. Answers from memory.
/// Source: pkg/registry/rbac/validation/rule.go, ConfirmNoEscalation.
@FunctionalInterface
public interface EscalationCheck {
  /// Nobody is kept from anything, as without RBAC.
  EscalationCheck NONE = (_, _, _) -> Optional.empty();

  /// Why a user may not grant rules, in the words that the client is told.
  ///
  /// @param namespace where the rules will hold, empty for everywhere
  /// @param rules the `rules` of a role
  Optional<String> findEscalation(UserInfo user, String namespace, ListValue rules);
}
