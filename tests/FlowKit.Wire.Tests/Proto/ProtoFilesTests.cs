using V1 = FlowKit.Wire.Protos.V1;
using V2 = FlowKit.Wire.Protos.V2;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>What the .proto files say, as reflection tells it to peers.</summary>
public sealed class ProtoFilesTests
{
    [Fact]
    public void Both_dialects_have_the_same_requests_but_for_their_documents()
    {
        var (first, second) = (V1.JinaReflection.Descriptor.ToProto(), V2.JinaReflection.Descriptor.ToProto());
        (first.Options, second.Options) = (null, null);

        Assert.Equal($"{second}", $"{first}".Replace("DocumentArrayProto", "DocListProto", StringComparison.Ordinal).Replace("docarray.DocumentProto", "docarray.DocProto", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_and_packages_have_Jinas_names_in_both()
    {
        Assert.All([V1.JinaReflection.Descriptor, V2.JinaReflection.Descriptor], file => Assert.Equal(("jina.proto", "jina"), (file.Name, file.Package)));
        Assert.All([V1.DocarrayReflection.Descriptor, V2.DocarrayReflection.Descriptor], file => Assert.Equal(("docarray.proto", "docarray"), (file.Name, file.Package)));
    }
}
