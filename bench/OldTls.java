import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Security;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A server of SSL 3.0 and TLS 1.0 with RC4, DES and export suites, which no OpenSSL of today has any more.
 * Arguments: the port and a PKCS #12 file with the password "bench". Ends when its standard input does.
 */
public final class OldTls {
  private static final char[] PASSWORD = "bench".toCharArray();
  private static final int BACKLOG = 200;
  private static final int READ_MS = 8_000;
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
          .getBytes(StandardCharsets.ISO_8859_1);

  public static void main(String[] args) throws Exception {
    for (String list : new String[] {"tls.disabledAlgorithms", "certpath.disabledAlgorithms", "tls.legacyAlgorithms"}) {
      Security.setProperty("jdk." + list, "");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = new FileInputStream(args[1])) {
      store.load(file, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
        .createServerSocket(Integer.parseInt(args[0]), BACKLOG, InetAddress.getByName("127.0.0.1"));
    server.setEnabledProtocols(new String[] {"SSLv3", "TLSv1"});
    server.setEnabledCipherSuites(new String[] {
      "SSL_RSA_WITH_RC4_128_SHA", "SSL_RSA_WITH_RC4_128_MD5", "TLS_RSA_WITH_AES_128_CBC_SHA",
      "SSL_RSA_WITH_DES_CBC_SHA", "SSL_RSA_EXPORT_WITH_RC4_40_MD5", "SSL_RSA_EXPORT_WITH_DES40_CBC_SHA",
    });
    SSLParameters parameters = server.getSSLParameters();
    parameters.setUseCipherSuitesOrder(true);
    server.setSSLParameters(parameters);
    daemon(() -> accept(server));
    while (System.in.read() >= 0) {
      // Nothing is said to it: its end is what counts.
    }
    System.exit(0);
  }

  private static void accept(SSLServerSocket server) {
    while (true) {
      try {
        SSLSocket client = (SSLSocket) server.accept();
        daemon(() -> serve(client));
      } catch (IOException error) {
        return;
      }
    }
  }

  private static void serve(SSLSocket client) {
    try (client) {
      client.setSoTimeout(READ_MS);
      client.startHandshake();
      if (client.getInputStream().read() >= 0) client.getOutputStream().write(ANSWER);
    } catch (IOException error) {
      // A scanner that leaves in the middle of a handshake.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }
}
