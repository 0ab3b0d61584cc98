using System.Reflection;
using FlowKit.Components;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Sources.Projects;

namespace FlowKit.Sources.SingleFiles;

/// <summary>Makes an assembly of one C# file, once: the next start finds it in the cache, by the file's content and FlowKit's.</summary>
internal sealed class SourceBuilder(ProjectBuilder projects, CacheFolder cache)
{
    /// <summary>A file may reference all of FlowKit, so any change of it counts.</summary>
    private static readonly string s_flowKit = string.Join(' ', ModulesOfFlowKit());

    /// <exception cref="FlowConfigException">It does not compile.</exception>
    public string Build(string text, string path, BuildWatch watch)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var entry = cache.Entry("files", path, text, s_flowKit);
        if (FileDirectives.Read(text, path) is not { } directives)
        {
            var output = Path.Combine(entry, $"{name}.dll");
            if (!File.Exists(output))
            {
                cache.Fill(entry, folder => SourceCompiler.Compile(text, path, folder));
            }

            return output;
        }

        var project = Path.Combine(entry, $"{name}.csproj");
        if (!File.Exists(project))
        {
            var document = GeneratedProject.OfFile(path, directives);
            cache.Fill(entry, folder => document.Save(Path.Combine(folder, $"{name}.csproj")));
        }

        return projects.Build(project, watch);
    }

    private static IEnumerable<string> ModulesOfFlowKit() => new[] { typeof(Executor), typeof(ComponentCatalog), typeof(SourceBuilder) }
        .Select(type => type.Module.ModuleVersionId.ToString())
        .Append(typeof(object).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");
}
