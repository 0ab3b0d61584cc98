using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FlowKit.Serving.Grpc;

/// <summary>Debian's Python with grpcio as a foreign peer; the code of its messages is made from our <c>.proto</c> when it is first needed.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    private static readonly Lazy<Task<string>> s_folder = new(GenerateAsync);

    /// <summary>Why there is no such peer here; <see langword="null"/> when there is.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Runs a script to its end and reads the JSON that it prints.</summary>
    public static async Task<JsonNode> AskAsync(string script, params string[] arguments)
    {
        using var process = await StartAsync(script, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode == 0, await errors);
        return JsonNode.Parse(await output)!;
    }

    /// <summary>Starts a script of the folder <c>testdata/grpc</c>.</summary>
    public static async Task<Process> StartAsync(string script, params string[] arguments)
    {
        var folder = await s_folder.Value;
        var start = new ProcessStartInfo(Program, [Path.Combine(folder, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }

    private static async Task<string> GenerateAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "grpc");
        var protos = Path.Combine(AppContext.BaseDirectory, "protos");
        await CompileAsync($"--proto_path={protos}/v1", $"--proto_path={protos}", "--include_imports", $"--descriptor_set_out={folder}/jina.set", "jina.proto", "grpc/health/v1/health.proto", "grpc/reflection/v1/reflection.proto", "grpc/reflection/v1alpha/reflection.proto");
        await CompileAsync([$"--proto_path={folder}", $"--python_out={folder}", .. Directory.EnumerateFiles(folder, "*.proto")]);
        return folder;
    }

    private static async Task CompileAsync(params string[] arguments)
    {
        using var protoc = Process.Start("protoc", arguments);
        await protoc.WaitForExitAsync();
        Assert.Equal(0, protoc.ExitCode);
    }

    private static string? FindMissing()
    {
        try
        {
            using var probe = Process.Start(Program, ["-c", "import grpc, google.protobuf"]);
            using var protoc = Process.Start(new ProcessStartInfo("protoc", "--version") { RedirectStandardOutput = true })!;
            probe.WaitForExit();
            protoc.WaitForExit();
            return probe.ExitCode == 0 ? null : "python3-grpcio and python3-protobuf are not installed";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "python3-grpcio, python3-protobuf and protobuf-compiler are not installed";
        }
    }
}
