using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FlowKit.Specs.Running;

namespace FlowKit.Specs;

/// <summary>FlowKit as a user has it who knows only its packages.</summary>
[Collection(PackageFeedCollection.Name)]
public sealed class PackageSpecs(PackageFeed feed) : IDisposable
{
    private static readonly string[] s_libraries =
    [
        "FlowKit.Abstractions", "FlowKit.Aspire", "FlowKit.Client", "FlowKit.Clip", "FlowKit.Configuration", "FlowKit.Core", "FlowKit.Executors.Clip",
        "FlowKit.Executors.ImageDecoder", "FlowKit.Executors.PgVectorIndexer", "FlowKit.Executors.VectorIndexer", "FlowKit.Hosting",
        "FlowKit.Imaging", "FlowKit.Orchestration",
        "FlowKit.Serving", "FlowKit.Sources", "FlowKit.TestKit", "FlowKit.VectorStores", "FlowKit.Wire",
    ];

    /// <summary>What each package says of itself.</summary>
    private static readonly string[] s_said =
    [
        "<readme>README.md</readme>", "<license type=\"expression\">MIT</license>", "<authors>FlowKit contributors</authors>",
        "<description>",
    ];

    private static readonly string[] s_packages = [.. s_libraries, "FlowKit", "FlowKit.Templates", "FlowKit.Tool"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Packages => [.. s_packages];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_package_is_forgotten() =>
        Assert.Equal(
            s_packages.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(feed.Path, "*.nupkg").Select(Path.GetFileName)
                .Select(name => name!.Replace($".{feed.Version}.nupkg", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_bill_of_materials_names_each_package_of_the_program_and_no_machine()
    {
        var text = File.ReadAllText(Path.Combine(feed.Path, "FlowKit.cdx.json"));
        var bill = JsonNode.Parse(text)!;
        var parts = bill["components"]!.AsArray();

        Assert.Equal(("CycloneDX", "FlowKit", feed.Version), ((string?)bill["bomFormat"], (string?)bill["metadata"]!["component"]!["name"], (string?)bill["metadata"]!["component"]!["version"]));
        Assert.All(
            (string[])["Microsoft.ML.OnnxRuntime", "NetVips.Native", "Spectre.Console"],
            name => Assert.Contains(parts, part => ((string)part!["name"]!).StartsWith(name, StringComparison.Ordinal)));
        Assert.All(parts, part => Assert.NotEmpty(part!["hashes"]!.AsArray()));
        Assert.DoesNotContain(Repository.Root, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Each_says_what_it_is_and_names_no_machine(string name)
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Path, $"{name}.{feed.Version}.nupkg"));
        var nuspec = await ReadAsync(package, $"{name}.nuspec");

        Assert.All(
            s_said,
            part => Assert.Contains(part, nuspec, StringComparison.Ordinal));
        Assert.DoesNotContain("xunit", nuspec, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<projectUrl>", nuspec, StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Root, nuspec, StringComparison.Ordinal);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("THIRD-PARTY-NOTICES.md"));
        foreach (var entry in package.Entries.Where(
            entry => Path.GetExtension(entry.Name) is ".targets" or ".props" or ".csproj" or ".json"))
        {
            Assert.DoesNotContain(Repository.Root, await ReadAsync(package, entry.FullName), StringComparison.Ordinal);
        }
    }

    /// <summary>Assemblies of FlowKit see each other's internals, so that each needs the others in its own version.</summary>
    [Fact]
    public async Task Each_library_has_its_documentation_and_symbols_and_needs_the_others_in_its_version()
    {
        foreach (var name in s_libraries)
        {
            using var package = ZipFile.OpenRead(Path.Combine(feed.Path, $"{name}.{feed.Version}.nupkg"));
            using var symbols = ZipFile.OpenRead(Path.Combine(feed.Path, $"{name}.{feed.Version}.snupkg"));
            var nuspec = await ReadAsync(package, $"{name}.nuspec");

            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.dll"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
            Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
            Assert.All(
                nuspec.Split('\n').Where(line => line.Contains("<dependency id=\"FlowKit.", StringComparison.Ordinal)),
                line => Assert.Contains($"version=\"[{feed.Version}]\"", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_console_program_of_the_page_runs_and_so_does_its_executor_in_a_process()
    {
        var program = Program("Console");
        var built = await BuildAsync("Console", "Microsoft.NET.Sdk", program);
        Assert.Equal("512 dimensions", (await RunAsync("dotnet", built)).Trim());

        const string Uses = "uses: \"ClipTextEncoder\"";
        const string InProcess = $"{Uses}, configure: executor => executor.Set(\"runtime\", \"process\")";
        var inProcess = program.Replace(Uses, InProcess, StringComparison.Ordinal);
        Assert.NotEqual(program, inProcess);
        built = await BuildAsync("Console", "Microsoft.NET.Sdk", inProcess);
        Assert.Equal("512 dimensions", (await RunAsync("dotnet", built)).Trim());
    }

    [Fact]
    public async Task The_web_program_of_the_page_serves_its_flow_beside_its_own_routes()
    {
        var built = await BuildAsync("Web", "Microsoft.NET.Sdk.Web", Program("Web"));
        var start = DotnetCommand.StartInfo(_folder.Path, feed.Environment, "dotnet", built, "--urls", "http://127.0.0.1:0");
        await using var web = await RunningFlow.StartAsync(start);

        Assert.Equal("Healthy", await web.Http.GetStringAsync("/health"));
        Assert.Equal("512", await web.Http.GetStringAsync("/dimensions?text=a%20red%20apple"));
        var request = new { data = new[] { new { text = "a red apple" } }, execEndpoint = "/encode" };
        using var answer = await web.Http.PostAsJsonAsync("/clip/post", request);
        Assert.Equal(512, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["data"]![0]!["embedding"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_tool_runs_a_flow_and_finds_its_executors_model_and_natives()
    {
        var tools = Path.Combine(_folder.Path, "tools");
        await RunAsync(
            "dotnet", "tool", "install", "FlowKit.Tool", "--tool-path", tools, "--version", feed.Version, "--add-source", feed.Path);
        var tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "flowkit.exe" : "flowkit");
        Assert.Equal(feed.Version, (await RunAsync(tool, "--version")).Trim().Split('+')[0]);

        foreach (var picture in new[] { "red-circle.jpg", "blue-triangle.jpg", "dog-face.jpg" })
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, "pictures"));
            File.Copy(Repository.At("flows", "image-search", "pictures", picture), Path.Combine(_folder.Path, "pictures", picture));
        }

        var file = _folder.File("flow.yml", await File.ReadAllTextAsync(Repository.At("flows", "image-search", "flow.yml")));
        var start = DotnetCommand.StartInfo(_folder.Path, feed.Environment, tool, "run", file, "--port", "0");
        await using var flow = await RunningFlow.StartAsync(start);
        var found = await RunAsync(
            tool, "post", flow.Address, "--on", "/search", "--text", "a red circle", "--limit", "1", "--output", "jsonl");

        Assert.EndsWith("red-circle.jpg", (string)JsonNode.Parse(found)!["matches"]![0]!["uri"]!, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return await reader.ReadToEndAsync();
    }

    /// <summary>A program as docs/hosting.md shows it.</summary>
    private static string Program(string name) =>
        MarkdownPage.Read("docs/hosting.md").Blocks("csharp")
            .Single(code => code.StartsWith($"// {name}/Program.cs\n", StringComparison.Ordinal));

    private Task<string> RunAsync(string command, params string[] arguments) =>
        DotnetCommand.RunAsync(_folder.Path, feed.Environment, command, arguments);

    /// <summary>Builds a program that references FlowKit's one package.</summary>
    /// <returns>Its assembly.</returns>
    private async Task<string> BuildAsync(string name, string sdk, string program)
    {
        _folder.File($"{name}/Program.cs", program);
        var project = _folder.File($"{name}/{name}.csproj", string.Create(CultureInfo.InvariantCulture, $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowKit" Version="{feed.Version}" />
              </ItemGroup>
            </Project>
            """));
        await RunAsync("dotnet", "build", project, "-c", "Release", "-v", "quiet", "-clp:NoSummary");
        return Path.Combine(_folder.Path, name, "bin", "Release", "net10.0", $"{name}.dll");
    }
}
