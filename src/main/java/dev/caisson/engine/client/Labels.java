package dev.caisson.engine.client;

/** The labels by which the engine tells what is Caisson's. */
public final class Labels {
  /** The label on a container: the id of its sandbox. */
  public static final String SANDBOX = "dev.caisson.sandbox";

  /** The label on a container: what the caller called the sandbox. */
  public static final String NAME = "dev.caisson.name";

  /** The label on a container: what the caller called its image. */
  public static final String IMAGE = "dev.caisson.image";

  /** The label on what holds a kit: the id of the image it was filled from. */
  public static final String KIT = "dev.caisson.kit";

  /**
   * The label on what holds a kit: the name of that image, since services may use kits of other
   * names.
   */
  public static final String KIT_IMAGE = "dev.caisson.kit.image";

  /** The label on a container that keeps a kit for a service: the service that uses it. */
  public static final String KIT_USER = "dev.caisson.kit.user";

  /**
   * The label on a network, which the sandboxes' room sets as well: the service that it belongs to.
   */
  public static final String INSTANCE = "dev.caisson.instance";

  /** The label on a container that holds a network for a sandbox: the id of that sandbox. */
  public static final String HOLDER = "dev.caisson.holder";

  /**
   * The label on a container that looks at the host, which is no sandbox: the service that looks.
   */
  public static final String EXAMINES = "dev.caisson.examines";

  /** The label on a volume with the images of a template: its own name. */
  public static final String DATA = "dev.caisson.data";

  private Labels() {}
}
