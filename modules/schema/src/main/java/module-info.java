/// The Kubernetes types as data.
module io.thyra.schema {
  requires transitive io.thyra.model;
  requires static transitive org.jspecify;

  exports io.thyra.schema;
}
