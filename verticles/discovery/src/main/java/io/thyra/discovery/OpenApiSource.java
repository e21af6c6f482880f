package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Describes the group versions that are not built in. Safe for all threads.
public interface OpenApiSource {
  /// One that describes nothing.
  OpenApiSource NONE =
      new OpenApiSource() {
        @Override
        public Optional<Contribution> find(GroupVersion groupVersion) {
          return Optional.empty();
        }
      };

  /// What is said of one group version. Equal contributions make equal documents.
  ///
  /// @param paths the operations by path
  /// @param definitions the schemas for OpenAPI 3 by name, with references below `#/components/schemas/`
  /// @param v2Definitions the same for OpenAPI 2, with references below `#/definitions/`
  record Contribution(
      Map<String, List<Operation>> paths, Map<String, ObjectValue> definitions, Map<String, ObjectValue> v2Definitions) {
    public Contribution {
      paths = Map.copyOf(paths);
      definitions = Map.copyOf(definitions);
      v2Definitions = Map.copyOf(v2Definitions);
    }
  }

  Optional<Contribution> find(GroupVersion groupVersion);

  /// What extension servers say of themselves.
  ///
  /// @param index entries of `/openapi/v3` by the path below it; those documents are not served here
  /// @param v2Documents their documents of OpenAPI 2: `paths` and `definitions`
  record Remote(Map<String, ObjectValue> index, List<ObjectValue> v2Documents) {
    public static final Remote NONE = new Remote(Map.of(), List.of());

    public Remote {
      index = Map.copyOf(index);
      v2Documents = List.copyOf(v2Documents);
    }
  }

  default Remote remote() {
    return Remote.NONE;
  }
}
