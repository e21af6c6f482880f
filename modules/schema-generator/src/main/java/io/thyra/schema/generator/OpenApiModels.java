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
import org.jspecify.annotations.Nullable;

/// What the OpenAPI models tell by run-time annotations: which fields are required, and the descriptions of types for
/// which there is no protobuf source.
final class OpenApiModels {
  private static final String PACKAGE = "io.kubernetes.client.openapi.models.";

  /// @param properties by the JSON name in lower case, as getters do not tell its capitals
  record Model(String description, Map<String, ApiModelProperty> properties) {
    @Nullable ApiModelProperty property(String jsonName) {
      return properties.get(jsonName.toLowerCase(Locale.ROOT));
    }
  }

  private OpenApiModels() {}

  /// The model of a type with these fields, null when it has none of its own. A version and a name alone may meet the type
  /// of another group, so the fields are compared.
  static @Nullable Model find(String typeName, Collection<String> fields) {
    String[] parts = typeName.split("\\.");
    String type = parts[parts.length - 1];
    String version = capital(parts[parts.length - 2]);
    String group = capital(parts[parts.length - 3]);
    Set<String> names = fields.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    for (String name : List.of(group + version + type, version + type)) {
      Class<?> model;
      try {
        model = Class.forName(PACKAGE + name, false, OpenApiModels.class.getClassLoader());
      } catch (ClassNotFoundException _) {
        continue;
      }
      Map<String, ApiModelProperty> properties = properties(model);
      long known = names.stream().filter(properties::containsKey).count();
      // Inline structs are one field in protobuf and many in the model, and a field may be newer than the model.
      if (known * 2 >= names.size()) {
        ApiModel annotation = model.getAnnotation(ApiModel.class);
        return new Model(annotation == null ? "" : annotation.description(), properties);
      }
    }
    return null;
  }

  /// Fills in the descriptions that are still empty.
  static void describe(Collection<Draft> types) {
    for (Draft type : types) {
      List<Draft.Field> shown = type.fields.stream().filter(field -> !field.inline).toList();
      if (type.description.isEmpty() || shown.stream().anyMatch(field -> field.description.isEmpty())) {
        Model model = find(type.name, shown.stream().map(field -> field.name).toList());
        if (model == null) {
          continue;
        }
        if (type.description.isEmpty()) {
          type.description = model.description;
        }
        for (Draft.Field field : shown) {
          ApiModelProperty property = model.property(field.name);
          if (field.description.isEmpty() && property != null) {
            field.description = property.value();
          }
        }
      }
    }
  }

  /// A description with the paragraphs that the comments of the generated sources have lost: they leave empty lines out, the
  /// models keep two blanks for them, but have blanks for all other ends of lines too. The description itself when the two
  /// differ otherwise.
  static String withParagraphs(String description, String model) {
    var text = new StringBuilder();
    int j = 0;
    for (int i = 0; i < description.length(); i++, j++) {
      char c = description.charAt(i);
      if (j >= model.length() || model.charAt(j) != (c == '\n' ? ' ' : c)) {
        return description;
      }
      boolean end = c == ' ' || c == '\n';
      boolean more = i + 1 < description.length() && description.charAt(i + 1) != ' ' && description.charAt(i + 1) != '\n';
      if (end && more && j + 1 < model.length() && model.charAt(j + 1) == ' ') {
        text.append("\n\n");
        j++;
      } else {
        text.append(c);
      }
    }
    return j == model.length() ? text.toString() : description;
  }

  private static Map<String, ApiModelProperty> properties(Class<?> model) {
    var properties = new HashMap<String, ApiModelProperty>();
    for (Method method : model.getDeclaredMethods()) {
      ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
      if (property != null && method.getName().startsWith("get")) {
        properties.put(method.getName().substring(3).toLowerCase(Locale.ROOT), property);
      }
    }
    return properties;
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }
}
