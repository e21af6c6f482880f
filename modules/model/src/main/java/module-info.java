/// Names and values that everything else is written in.
module io.thyra.model {
  requires static transitive org.jspecify;

  exports io.thyra.model;
}
