using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowKit.Sources.Projects;

/// <summary>
/// References a project to the assemblies of the program that builds it, in place of FlowKit's packages: an executor is compiled against
/// what will load it, and a version of FlowKit that is on no feed builds its executors too.
/// </summary>
internal static class ProgramReferences
{
    private static readonly string[] s_libraries =
        ["FlowKit.Abstractions", "FlowKit.Wire", "FlowKit.Client", "FlowKit.Imaging", "FlowKit.Clip"];

    /// <summary>Whose members executors inherit.</summary>
    private static readonly Type[] s_seen = [typeof(ILogger), typeof(FromKeyedServicesAttribute)];

    /// <summary>Writes the targets that MSBuild imports behind a project.</summary>
    /// <param name="cache">Where they are kept.</param>
    /// <returns>Their file.</returns>
    public static string Write(CacheFolder cache)
    {
        var text = Targets().ToString();
        var entry = cache.Entry("references", text);
        var file = Path.Combine(entry, "FlowKit.References.targets");
        if (!File.Exists(file))
        {
            cache.Fill(entry, folder => File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text));
        }

        return file;
    }

    private static XElement Targets()
    {
        var libraries = s_libraries.Select(name => Path.Combine(AppContext.BaseDirectory, $"{name}.dll")).Where(File.Exists).ToList();
        var names = string.Join(';', libraries.Select(Path.GetFileNameWithoutExtension));
        return new XElement(
            "Project",
            new XElement(
                "ItemGroup",
                Item("OtherPackage", ("Include", "@(PackageReference)"), ("Exclude", names)),
                Item("FlowKitPackage", ("Include", "@(PackageReference)"), ("Exclude", "@(OtherPackage)")),
                Item("PackageReference", ("Remove", "@(FlowKitPackage)"))),
            new XElement(
                "ItemGroup",
                new XAttribute("Condition", "'@(FlowKitPackage)' != ''"),
                libraries.Concat(s_seen.Select(type => type.Assembly.Location)).Select(path => new XElement(
                    "Reference",
                    new XAttribute("Include", Path.GetFileNameWithoutExtension(path)),
                    new XElement("HintPath", path),
                    new XElement("Private", "false")))));
    }

    private static XElement Item(string name, params (string Name, string Value)[] attributes) =>
        new(name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)));
}
