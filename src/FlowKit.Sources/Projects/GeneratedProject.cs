using System.Xml.Linq;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.SingleFiles;

namespace FlowKit.Sources.Projects;

/// <summary>Writes projects for what has none: a C# file with directives, and a package.</summary>
internal static class GeneratedProject
{
    private static readonly string[] s_settings = ["nuget.config", "NuGet.config", "NuGet.Config"];

    /// <summary>A project that compiles one file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="directives">What it asks for.</param>
    /// <exception cref="FlowConfigException">A project that it names is not there.</exception>
    public static XDocument OfFile(string file, FileDirectives directives) => Make(
        directives.Sdk,
        Path.GetDirectoryName(file)!,
        [("AssemblyName", Path.GetFileNameWithoutExtension(file)), ("ImplicitUsings", "enable"), ("Nullable", "enable"),
            ("GenerateDocumentationFile", "true"),
            ("NoWarn", "$(NoWarn);CS1591"), (
                "Features", "$(Features);FileBasedProgram"), ("EnableDefaultItems", "false"), .. directives.Properties],
        [
            new XElement("Compile", new XAttribute("Include", file)),
            new XElement("Using", new XAttribute("Include", "FlowKit")),
            FlowKit("FlowKit.Abstractions"),
            FlowKit("Microsoft.Extensions.Logging.Abstractions"),
            .. directives.Packages.Select(package => Package(package.Id, package.Version)),
            .. directives.Projects.Select(project => new XElement("ProjectReference", new XAttribute("Include", ProjectOf(project, file)))),
        ]);

    /// <summary>A project that only references a package, so that it is restored with all that it needs.</summary>
    /// <param name="id">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="folder">The flow's folder, whose <c>nuget.config</c> counts.</param>
    public static XDocument OfPackage(string id, string version, string folder) => Make(
        "Microsoft.NET.Sdk",
        folder,
        [("AssemblyName", "FlowKitPackage"), ("EnableDefaultItems", "false")],
        [Package(id, $"[{version}]")]);

    /// <summary>It stands by itself: nothing of the folders above it counts.</summary>
    private static XDocument Make(
        string sdk, string settingsFrom, IEnumerable<(string Name, string Value)> properties, IEnumerable<XElement> items)
    {
        var alone = new[]
        {
            ("TargetFramework", $"net{Environment.Version.Major}.0"), ("OutputType", "Library"),
            ("ImportDirectoryBuildProps", "false"), ("ImportDirectoryBuildTargets", "false"),
            (
                "ImportDirectoryPackagesProps",
                "false"), ("CopyLocalLockFileAssemblies", "true"), ("EnableDynamicLoading", "true"), ("InvariantGlobalization", "true"),
        };
        (string, string)[] settings = SettingsAbove(settingsFrom) is { } file ? [("RestoreConfigFile", file)] : [];
        return new XDocument(new XElement(
            "Project",
            new XElement("PropertyGroup", alone.Select(property => new XElement(property.Item1, property.Item2))),
            new XElement("Import", new XAttribute("Project", "Sdk.props"), SdkOf(sdk)),
            new XElement("PropertyGroup", settings.Concat(properties).Select(property => new XElement(property.Item1, property.Item2))),
            new XElement("ItemGroup", items),
            new XElement("Import", new XAttribute("Project", "Sdk.targets"), SdkOf(sdk))));
    }

    private static object[] SdkOf(string sdk) => sdk.Split('/', 2) is [var name, var version]
        ? [new XAttribute("Sdk", name), new XAttribute("Version", version)]
        : [new XAttribute("Sdk", sdk)];

    private static XElement FlowKit(string name) => new(
        "Reference", new XAttribute("Include", name), new XElement(
            "HintPath", Path.Combine("$(FlowKitHome)", $"{name}.dll")), new XElement("Private", "false"));

    private static XElement Package(string id, string version) =>
        new("PackageReference", new XAttribute("Include", id), new XAttribute("Version", version));

    private static string ProjectOf(string path, string file) => ProjectFolder.Find(path, out var problem)
        ?? throw new FlowConfigException([new ConfigError(new SourcePlace(file, 0, 0), "#:project", problem)]);

    private static string? SettingsAbove(string folder)
    {
        for (var next = new DirectoryInfo(folder); next is not null; next = next.Parent)
        {
            if (s_settings.Select(name => Path.Combine(next.FullName, name)).FirstOrDefault(File.Exists) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
