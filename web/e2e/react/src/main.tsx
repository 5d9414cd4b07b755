import { createRoot } from "react-dom/client";
import { Payment } from "./Payment";

createRoot(document.getElementById("root")!).render(<Payment />);
