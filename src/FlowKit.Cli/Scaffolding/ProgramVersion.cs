using System.Reflection;

namespace FlowKit.Cli.Scaffolding;

/// <summary>The version of the program that runs, and where its packages come from.</summary>
internal static class ProgramVersion
{
    /// <summary>The version of FlowKit's packages.</summary>
    public static string Value { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>
    /// The checkout that the program was built in, whose version is on no feed; <see langword="null"/> for an installed program.
    /// </summary>
    public static string? Checkout { get; } = FindCheckout();

    private static string? FindCheckout()
    {
        for (var above = new DirectoryInfo(AppContext.BaseDirectory); above is not null; above = above.Parent)
        {
            if (File.Exists(Path.Combine(above.FullName, "FlowKit.sln")))
            {
                return above.FullName;
            }
        }

        return null;
    }
}
