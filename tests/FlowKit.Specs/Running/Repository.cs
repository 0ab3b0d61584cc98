namespace FlowKit.Specs.Running;

/// <summary>The checkout the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlowKit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"FlowKit.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
