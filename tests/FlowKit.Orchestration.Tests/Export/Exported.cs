using System.Runtime.CompilerServices;
using FlowKit.Components;
using FlowKit.Configuration;
using FlowKit.Sources;
using FlowKit.Specs.Running;

namespace FlowKit.Orchestration.Export;

/// <summary>A flow, exported to a folder that goes away.</summary>
internal sealed class Exported : IDisposable
{
    private static ComponentCatalog s_catalog = null!;

    private readonly TemporaryFolder _folder;

    private Exported(TemporaryFolder folder, ExportResult result) => (_folder, Result) = (folder, result);

    public ExportResult Result { get; }

    public string Path => _folder.Path;

    public string this[string file] => File.ReadAllText(System.IO.Path.Combine(_folder.Path, file));

    public static Exported Of(string flow, ExportTarget target, ExportOptions? options = null, FlowReadOptions? read = null)
    {
        var folder = new TemporaryFolder();
        try
        {
            return new Exported(folder, FlowExport.Write(flow, read ?? new FlowReadOptions(), target, folder.Path, s_catalog, options ?? Options));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>An export of a flow's text.</summary>
    public static Exported OfText(string yaml, ExportTarget target, ExportOptions? options = null, FlowReadOptions? read = null)
    {
        using var folder = new TemporaryFolder();
        return Of(folder.File("flow.yml", yaml), target, options, read);
    }

    /// <summary>An image whose name is the same in every version.</summary>
    public static ExportOptions Options { get; } = new() { Image = "flowkit:test" };

    /// <summary>Scanned once, before any test: what a flow brings is loaded later, and would be found a second time.</summary>
    [ModuleInitializer]
    internal static void Scan() => s_catalog = ComponentCatalog.ScanApplication().With(ExecutorSources.Default);

    public void Dispose() => _folder.Dispose();
}
