package io.thyra.cel;

import io.thyra.model.Authorizer;
import io.thyra.model.NullValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The values of variables for evaluations. Values may be suppliers, which are asked at each use. For one thread.
public final class Variables {
  private final Map<String, Supplier<Object>> values = new LinkedHashMap<>();

  /// Sets a variable to a JSON value of a declared type; null stands for CEL's null.
  public Variables put(String name, @Nullable Value value, DeclType type) {
    values.put(name, () -> value == null ? NullValue.NULL : CelValues.of(value, type));
    return this;
  }

  /// Sets a variable to an optional of a JSON value.
  public Variables putOptional(String name, @Nullable Value value, DeclType type) {
    values.put(name, () -> value == null ? Optional.empty() : Optional.of(CelValues.of(value, type)));
    return this;
  }

  /// Sets a variable to the one who says what a user may do.
  public Variables putAuthorizer(String name, UserInfo user, Authorizer authorizer) {
    Object value = new AuthorizationLibrary.Asked(user, authorizer);
    values.put(name, () -> value);
    return this;
  }

  /// Sets a variable to the question what a user may do with one resource.
  public Variables putResourceCheck(
      String name, UserInfo user, Authorizer authorizer, String group, String resource, String subresource, String namespace, String object) {
    var asked = new AuthorizationLibrary.GroupCheck(new AuthorizationLibrary.Asked(user, authorizer), group);
    Object value = new AuthorizationLibrary.ResourceCheck(asked, resource, subresource, namespace, object, "", "");
    values.put(name, () -> value);
    return this;
  }

  /// Sets a variable to an object whose fields are computed at their first use.
  public Variables putLazy(String name, LazyFields fields) {
    values.put(name, () -> fields);
    return this;
  }

  @Nullable Object find(String name) {
    Supplier<Object> value = values.get(name);
    return value == null ? null : value.get();
  }
}
