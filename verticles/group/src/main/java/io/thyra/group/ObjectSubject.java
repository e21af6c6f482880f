package io.thyra.group;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Forms;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.VersionedType;
import io.thyra.registry.WriteRequest;
import io.thyra.schema.Struct;
import java.util.Optional;

/// The object that a request names, in the hub version.
record ObjectSubject(ResourceRequest request, WriteRequest write, ResourceStrategy strategy) implements Subject {
  @Override
  public GroupVersionKind kind() {
    return request.version().kind();
  }

  @Override
  public Struct type() {
    return request.version().struct();
  }

  @Override
  public boolean custom() {
    return !request.definition().protobuf();
  }

  @Override
  public Optional<Struct> convertible(GroupVersionKind kind) {
    return version(kind).map(VersionedType::struct);
  }

  private Optional<VersionedType> version(GroupVersionKind kind) {
    return request.definition().versions().stream().filter(v -> v.kind().equals(kind)).findFirst();
  }

  @Override
  public ObjectValue printed(ObjectValue live) {
    Forms forms = request.store().forms();
    return forms.printed(forms.fromHub(live, request.version()));
  }

  @Override
  public ObjectValue stored(ObjectValue object, GroupVersionKind kind) {
    return request.store().forms().toHub(object, version(kind).orElse(request.version()));
  }

  @Override
  public ObjectValue owned(ObjectValue live, ObjectValue object) {
    return request.store().owned(write, strategy, live, object);
  }

  @Override
  public ObjectValue applied(ObjectValue live, ObjectValue config, boolean force) {
    return request.store().applied(write, strategy, live, config, force);
  }
}
