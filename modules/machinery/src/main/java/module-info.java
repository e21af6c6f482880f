/// Selectors, names, options, patches and server-side apply: pure functions over the value tree.
module io.thyra.machinery {
  requires transitive io.thyra.model;
  requires transitive io.thyra.schema;
  requires static transitive org.jspecify;

  exports io.thyra.machinery;
  exports io.thyra.machinery.apply;
}
