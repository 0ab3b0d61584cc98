namespace FlowKit.Tests;

/// <summary>The test data that lies beside the checkout, in <c>../shared</c> (or where FLOWKIT_SHARED points).</summary>
internal static class SharedData
{
    internal static string? Root { get; } = Find();

    internal static string At(params string[] parts) => Path.Combine([Root!, .. parts]);

    internal static byte[] Bytes(params string[] parts) => File.ReadAllBytes(At(parts));

    internal static string? WhyMissing(string folder) =>
        Root is not null && Directory.Exists(Path.Combine(Root, folder)) ? null : $"shared/{folder} is not beside the checkout (set FLOWKIT_SHARED to say where it is).";

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FLOWKIT_SHARED") is { Length: > 0 } given)
        {
            return given;
        }

        for (DirectoryInfo? folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "..", "shared");
            if (File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")) && Directory.Exists(shared))
            {
                return Path.GetFullPath(shared);
            }
        }

        return null;
    }
}
