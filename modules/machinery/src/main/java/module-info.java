/// What a request means and what it does to an object, as pure functions.
module io.thyra.machinery {
  requires transitive io.thyra.model;
  requires transitive io.thyra.schema;
  requires static transitive org.jspecify;

  exports io.thyra.machinery;
  exports io.thyra.machinery.apply;
}
