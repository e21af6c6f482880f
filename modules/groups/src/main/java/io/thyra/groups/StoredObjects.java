package io.thyra.groups;

import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What the rules of one kind may know and do about objects of others: a service takes an address object, an eviction
/// reads budgets. Calls run on the virtual thread of the request and may wait; refusals are
/// [io.thyra.model.ApiException]. Objects are in their hub versions. Admission is not asked.
public interface StoredObjects {
  Optional<ObjectValue> find(GroupResource resource, String namespace, String name);

  /// All objects of a resource, of one namespace where it is not empty.
  List<ObjectValue> list(GroupResource resource, String namespace);

  ObjectValue create(RequestContext context, GroupResource resource, ObjectValue object);

  /// Changes an object and tries again when somebody else was faster. The change may throw to refuse; it returns its
  /// argument when there is nothing to do. Runs no strategy: the caller is one.
  ObjectValue update(RequestContext context, GroupResource resource, String namespace, String name, UnaryOperator<ObjectValue> change);

  /// Deletes with the general rules; options are those of the request, empty for none.
  ObjectValue delete(RequestContext context, GroupResource resource, String namespace, String name, ObjectValue options);
}
