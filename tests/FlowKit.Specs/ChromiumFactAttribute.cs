namespace FlowKit.Specs;

/// <summary>A fact that needs Chromium, and says so when it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = ExecutablePath is null ? "Chromium is not installed (Debian: apt-get install chromium)." : null;

    public static string? ExecutablePath { get; } = new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
}
