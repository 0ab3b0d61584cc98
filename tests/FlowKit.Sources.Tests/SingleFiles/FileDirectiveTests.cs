using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.Sources.Projects;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Sources.SingleFiles;

public sealed class FileDirectiveTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> RefuseAsync(string source)
    {
        _folder.Write("Say.cs", source);
        return (await Assert.ThrowsAsync<FlowConfigException>(() => ExecutorProject.StartAsync(_folder, "./Say.cs"))).Message;
    }

    [Fact]
    public async Task A_file_brings_its_packages_projects_and_properties_and_is_compiled_once()
    {
        ExecutorProject.Write(_folder, "Lib", "public static class Lib { public static string Word => \"lib\"; }");
        _folder.Write("Say.cs", $"""
            #!/usr/bin/env flowkit
            // Says a word.
            #:package Humanizer.Core@2.14.1
            #:project ./Lib
            #:property DefineConstants=WITH_WORD

            using Humanizer;

            {ExecutorProject.Says("Lib.Word + \" \" + \"OneTwo\".Underscore() + More")}
            """.Replace("[Requests]", "#if WITH_WORD\nprivate const string More = \"!\";\n#endif\n[Requests]", StringComparison.Ordinal));
        await using (var flow = await ExecutorProject.StartAsync(_folder, "./Say.cs"))
        {
            Assert.Equal("lib one_two!", await ExecutorProject.AskAsync(flow));
        }

        // Without an SDK nothing can be compiled.
        var cached = new SourceBuilder(new ProjectBuilder(new DotnetSdk("no-such-dotnet"), CacheFolder.Default), CacheFolder.Default);
        var path = Path.Combine(_folder.Path, "Say.cs");
        Assert.Equal("Say.dll", Path.GetFileName(cached.Build(await File.ReadAllTextAsync(path), path, default)));

        _folder.Write("Lib/Code.cs", "public static class Lib { public static string Word => \"changed\"; }");
        await using var changed = await ExecutorProject.StartAsync(_folder, "./Say.cs");
        Assert.Equal("changed one_two!", await ExecutorProject.AskAsync(changed));
    }

    [Fact]
    public async Task Mistakes_have_their_place_in_the_file_itself() =>
        Assert.Equal(
            $"{Path.Combine(_folder.Path, "Say.cs")}:10:24: CS0103: The name 'nonsense' does not exist in the current context",
            await RefuseAsync($"#:property Deterministic=true\n{ExecutorProject.Says("nonsense")}"));

    [Theory]
    [InlineData("#:package Humanizer.Core", 1, "#:package: expected a package with its version: '#:package Name@1.2.3'")]
    [InlineData("#:property Nullable", 1, "#:property: expected '#:property Name=Value'")]
    [InlineData("#:project", 1, "#:project: expected the path of a project or its folder: '#:project ../lib'")]
    [InlineData("/* a\n comment */\n// another\n#:pakage A@1", 4, "#:pakage: is not known; known are #:package, #:project, #:property and #:sdk")]
    public async Task A_directive_that_is_wrong_has_its_line(string head, int line, string message) =>
        Assert.Equal($"{Path.Combine(_folder.Path, "Say.cs")}:{line}:1: {message}", await RefuseAsync($"{head}\n{ExecutorProject.Says("\"\"")}"));

    [Fact]
    public async Task A_project_that_is_not_there_is_named() =>
        Assert.Equal($"{Path.Combine(_folder.Path, "Say.cs")}: #:project: neither a folder nor a project is at '{_folder.Path}/nothing'", await RefuseAsync($"#:project ./nothing\n{ExecutorProject.Says("\"\"")}"));

    [Fact]
    public async Task A_package_that_does_not_restore_is_told_with_the_next_step()
    {
        _folder.Write("nuget.config", "<configuration><packageSources><clear /><add key=\"feed\" value=\"feed\" /></packageSources></configuration>");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "feed"));

        var message = await RefuseAsync($"#:package FlowKit.Is.Not.There@1.2.3\n{ExecutorProject.Says("\"\"")}");

        Assert.Contains("NU1101: Unable to find package FlowKit.Is.Not.There.", message, StringComparison.Ordinal);
        Assert.EndsWith("add the source that has it to a nuget.config beside it", message, StringComparison.Ordinal);
    }

    /// <summary>The compiler itself is not even loaded when nothing has changed: its output is on disk.</summary>
    [Fact]
    public void A_file_without_directives_is_compiled_once_for_its_content()
    {
        var cache = new CacheFolder(Path.Combine(_folder.Path, "cache"), TimeProvider.System);
        var builder = new SourceBuilder(new ProjectBuilder(new DotnetSdk("no-such-dotnet"), cache), cache);
        var path = _folder.Write("Say.cs", ExecutorProject.Says("\"one\""));

        var first = builder.Build(File.ReadAllText(path), path, default);
        var written = File.GetLastWriteTimeUtc(first);

        Assert.Equal(first, builder.Build(File.ReadAllText(path), path, default));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.NotEqual(first, builder.Build(ExecutorProject.Says("\"two\""), path, default));
        Assert.Throws<FlowConfigException>(() => builder.Build("nonsense", path, default));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_folder.Path, "cache", "files")).Length);
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_named_with_the_next_step()
    {
        var cache = new CacheFolder(Path.Combine(_folder.Write("file", "no folder"), "cache"), TimeProvider.System);
        _folder.Write("Say.cs", ExecutorProject.Says("\"one\""));
        var config = new ExecutorConfig { Name = "say", Uses = "Say.cs", Needs = ["gateway"], UsesPlace = new SourcePlace("flow.yml", 4, 11) };

        var exception = Assert.Throws<FlowConfigException>(() => new ExecutorSources(DotnetSdk.Default, cache).Find(config, _folder.Path, building: null, CancellationToken.None));

        Assert.StartsWith("flow.yml:4:11: uses: ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith($"What is compiled is kept in '{cache.Path}'; FLOWKIT_CACHE names another folder", exception.Message, StringComparison.Ordinal);
    }

    [SmallDiskFact]
    public void A_cache_on_a_full_or_read_only_disk_is_told_at_once_and_serves_when_there_is_room()
    {
        using var disk = new SmallDisk(256);
        var cache = new CacheFolder(disk.At("cache"), TimeProvider.System);
        var sources = new ExecutorSources(new DotnetSdk("no-such-dotnet"), cache);
        _folder.Write("Say.cs", ExecutorProject.Says("\"one\""));
        var config = new ExecutorConfig { Name = "say", Uses = "Say.cs", Needs = ["gateway"], UsesPlace = new SourcePlace("flow.yml", 4, 11) };
        var filler = disk.Fill();

        var full = Assert.Throws<FlowConfigException>(() => sources.Find(config, _folder.Path, building: null, CancellationToken.None)).Message;
        File.Delete(filler);
        disk.Protect(isReadOnly: true);
        var readOnly = Assert.Throws<FlowConfigException>(() => sources.Find(config, _folder.Path, building: null, CancellationToken.None)).Message;
        var locked = Assert.Throws<IOException>(() => CacheFolder.Lock(disk.At("cache/x"), CancellationToken.None));
        disk.Protect(isReadOnly: false);

        Assert.StartsWith("flow.yml:4:11: uses: No space left on device", full, StringComparison.Ordinal);
        Assert.EndsWith($"What is compiled is kept in '{cache.Path}'; FLOWKIT_CACHE names another folder", full, StringComparison.Ordinal);
        Assert.StartsWith("flow.yml:4:11: uses: Read-only file system", readOnly, StringComparison.Ordinal);
        Assert.StartsWith("Read-only file system", locked.Message, StringComparison.Ordinal);
        Assert.Equal("Say", sources.Find(config, _folder.Path, building: null, CancellationToken.None).Name);
    }

    [Fact]
    public void What_nobody_has_used_for_a_month_leaves_the_cache()
    {
        var time = TimeProvider.System;
        var cache = new CacheFolder(Path.Combine(_folder.Path, "cache"), time);
        var old = cache.Entry("files", "old");
        cache.Fill(old, folder => File.WriteAllText(Path.Combine(folder, "x"), ""));
        Directory.SetLastWriteTimeUtc(old, time.GetUtcNow().UtcDateTime - TimeSpan.FromDays(31));

        cache.Fill(cache.Entry("files", "new"), _ => { });

        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(cache.Entry("files", "new")));
    }
}
