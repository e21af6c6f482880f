package io.thyra.group;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Scales;
import io.thyra.registry.WriteRequest;
import io.thyra.schema.Struct;
import java.util.Optional;

/// The Scale of the object that a request names.
record ScaleSubject(Scales scales, WriteRequest write) implements Subject {
  @Override
  public GroupVersionKind kind() {
    return Scales.KIND;
  }

  @Override
  public Struct type() {
    return scales.type();
  }

  @Override
  public boolean custom() {
    return false;
  }

  @Override
  public Optional<Struct> convertible(GroupVersionKind kind) {
    return kind.equals(Scales.KIND) ? Optional.of(scales.type()) : Optional.empty();
  }

  @Override
  public ObjectValue printed(ObjectValue live) {
    return live;
  }

  @Override
  public ObjectValue stored(ObjectValue object, GroupVersionKind kind) {
    return object;
  }

  @Override
  public ObjectValue owned(ObjectValue live, ObjectValue object) {
    return scales.update(live, object, write.manager());
  }

  @Override
  public ObjectValue applied(ObjectValue live, ObjectValue config, boolean force) {
    return scales.apply(live, config, write.manager(), force);
  }
}
