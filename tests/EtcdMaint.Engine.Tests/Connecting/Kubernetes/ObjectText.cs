using System.Text;
using EtcdMaint.Engine.Transport.Kubernetes.Objects;

namespace EtcdMaint.Engine.Tests.Connecting.Kubernetes;

/// <summary>Objects of Kubernetes that a test writes as JSON.</summary>
internal static class ObjectText
{
    public static T Read<T>(string json, KubernetesJson.Reader<T> read) =>
        KubernetesJson.Parse(Encoding.UTF8.GetBytes(json), read)!;
}
