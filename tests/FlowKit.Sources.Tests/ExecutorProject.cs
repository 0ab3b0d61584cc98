using FlowKit.TestKit;

namespace FlowKit.Sources;

/// <summary>Writes executors and their projects, as users have them.</summary>
internal static class ExecutorProject
{
    /// <summary>Where FlowKit's assemblies are for a project of a test.</summary>
    public const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <GenerateDocumentationFile>true</GenerateDocumentationFile>
            <NoWarn>CS1591</NoWarn>
          </PropertyGroup>
          <ItemGroup>
            <Using Include="FlowKit" />
            <Reference Include="FlowKit.Abstractions" HintPath="$(FlowKitHome)FlowKit.Abstractions.dll" Private="false" />
          </ItemGroup>
          <!-- more -->
        </Project>
        """;

    /// <summary>An executor that sets every text.</summary>
    public static string Says(string expression, string name = "Say", string members = "") => $$"""
        public sealed class {{name}} : Executor
        {
            {{members}}
            [Requests]
            public void Run(DocumentArray docs)
            {
                foreach (var doc in docs)
                {
                    doc.Text = {{expression}};
                }
            }
        }
        """;

    /// <summary>Writes a project with one file.</summary>
    public static void Write(TempFolder folder, string name, string code, string more = "")
    {
        folder.Write($"{name}/{name}.csproj", Project.Replace("<!-- more -->", more, StringComparison.Ordinal));
        folder.Write($"{name}/Code.cs", code);
    }

    /// <summary>A flow with one executor, <c>say</c>; the value of <c>uses</c> starts at 4:11.</summary>
    public static string Flow(string uses) => $"jtype: Flow\nexecutors:\n  - name: say\n    uses: {uses}\n";

    public static Task<TestFlow> StartAsync(TempFolder folder, string uses) => TestFlow.StartAsync(Flow(uses), new TestFlowOptions { Folder = folder.Path });

    /// <summary>What the flow answers to an empty document.</summary>
    public static async Task<string> AskAsync(TestFlow flow)
    {
        var reply = await flow.PostAsync("/say", new Document("1"));
        Assert.Null(reply.Error);
        return reply.Documents[0].Text!;
    }
}
