package io.thyra.schema.generator;

import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The descriptions that the OpenAPI models carry as annotations, for types of which there is no protobuf source.
final class OpenApiModels {
  private static final String PACKAGE = "io.kubernetes.client.openapi.models.";

  /// Fills in the descriptions that are still empty.
  void describe(Collection<Draft> types) {
    for (Draft type : types) {
      if (type.description.isEmpty() || type.fields.stream().anyMatch(field -> field.description.isEmpty() && !field.inline)) {
        describe(type);
      }
    }
  }

  private static void describe(Draft type) {
    String packageName = type.packageName();
    String version = capital(packageName.substring(packageName.lastIndexOf('.') + 1));
    String rest = packageName.substring(0, packageName.lastIndexOf('.'));
    String group = capital(rest.substring(rest.lastIndexOf('.') + 1));
    for (String name : List.of(group + version + type.simpleName(), version + type.simpleName())) {
      Class<?> model;
      try {
        model = Class.forName(PACKAGE + name, false, OpenApiModels.class.getClassLoader());
      } catch (ClassNotFoundException _) {
        continue;
      }
      Map<String, String> properties = properties(model);
      Set<String> names = type.fields.stream().filter(field -> !field.inline).map(field -> field.name.toLowerCase(Locale.ROOT))
          .collect(Collectors.toSet());
      // A version and a name alone may meet the type of another group.
      if (!properties.keySet().containsAll(names)) {
        continue;
      }
      ApiModel annotation = model.getAnnotation(ApiModel.class);
      if (annotation != null && type.description.isEmpty()) {
        type.description = annotation.description();
      }
      for (Draft.Field field : type.fields) {
        if (field.description.isEmpty() && !field.inline) {
          field.description = properties.getOrDefault(field.name.toLowerCase(Locale.ROOT), "");
        }
      }
      return;
    }
  }

  // By the name of the getter, in lower case: it is the JSON name but for its capitals.
  private static Map<String, String> properties(Class<?> model) {
    var properties = new HashMap<String, String>();
    for (Method method : model.getDeclaredMethods()) {
      ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
      if (property != null && method.getName().startsWith("get")) {
        properties.put(method.getName().substring(3).toLowerCase(Locale.ROOT), property.value());
      }
    }
    return properties;
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
