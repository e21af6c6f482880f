package io.thyra.groups;

import io.thyra.model.GroupResource;
import io.thyra.registry.Subresource;
import java.util.Optional;

/// Answers the kinds that are asked, not stored: TokenReview, SubjectAccessReview and their like.
@FunctionalInterface
public interface Reviews {
  Reviews NONE = _ -> Optional.empty();

  Optional<Subresource.Action.Handler> find(GroupResource resource);
}
