using System.Text;

namespace EtcdMaint.TestCluster.Kubernetes;

/// <summary>Writes kubeconfigs for a test API server.</summary>
public static class KubeConfigText
{
    /// <summary>
    /// One context named <paramref name="name"/>, which is current; the user's entry is given as YAML in one line.
    /// </summary>
    public static string Whole(FakeApiServer server, string user, string name = "test", string cluster = "") =>
        $$"""
            apiVersion: v1
            kind: Config
            current-context: {{name}}
            contexts:
            - name: {{name}}
              context: {cluster: {{name}}, user: {{name}}}
            clusters:
            - name: {{name}}
              cluster: {server: "{{server.Url}}", certificate-authority-data: "{{Base64(server.AuthorityPem)}}"{{(
                cluster.Length > 0 ? ", " + cluster : ""
            )}}}
            users:
            - name: {{name}}
              user: {{user}}
            """;

    public static string Token(string token) => $"{{token: \"{token}\"}}";

    public static string Certificate((string Certificate, string Key) client) =>
        $"{{client-certificate-data: \"{Base64(client.Certificate)}\", client-key-data: \"{Base64(client.Key)}\"}}";

    /// <summary>Writes the kubeconfig into the server's folder, which is removed with the server.</summary>
    public static string Write(FakeApiServer server, string text, string file = "config")
    {
        string path = Path.Combine(server.FolderPath, file);
        File.WriteAllText(path, text);
        return path;
    }

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
