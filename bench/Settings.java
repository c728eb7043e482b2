/** What is measured, as far as the caller's environment says otherwise. */
final class Settings {
  private Settings() {}

  static int number(String name, int otherwise) {
    return Integer.parseInt(text(name, Integer.toString(otherwise)));
  }

  static String text(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
